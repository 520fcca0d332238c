"""Converting and reading on the machines of a Dask cluster: who may be asked, what is sent, and what is believed."""
