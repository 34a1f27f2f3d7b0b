"""What is common to the requests of all gateways, and what each gateway knows of one."""
