"""The folder for Windows: wheels and a launcher, so that a double click opens the desk on a computer without a network."""
