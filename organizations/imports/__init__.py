"""Lists that come in as workbooks: where the table stands in them, what its columns mean, what a cell says."""
