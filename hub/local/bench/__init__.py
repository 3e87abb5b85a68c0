"""`hub bench`: the hub's own figures beside its peers', in one run on one machine."""
