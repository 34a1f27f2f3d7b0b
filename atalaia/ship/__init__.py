"""The shipper: the lines of log files, delivered at least once to a pipeline on another machine."""
