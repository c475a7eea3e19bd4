"""Where: the gazetteer, districts and geocoders; knows no spaCy, so the desk may use it."""
