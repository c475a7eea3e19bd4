"""How the weights are made: from authored sentences to a model that is measured before it is used."""
