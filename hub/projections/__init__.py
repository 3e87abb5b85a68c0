"""Read models: one file per GetMetode (its table, its view, its document), and the fold that live, catch-up, rebuild and verify share."""
