"""The application: pipeline executor, command line, web page, demonstration."""
