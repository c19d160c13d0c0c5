"""The actions and sources that come with the engine, one file each."""
