"""How well places are read: real reports against their pins, gold posts, and the speed of a whole city."""
