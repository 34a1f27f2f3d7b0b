"""What network inputs and outputs share: sockets, TLS, stopping, and waiting until events are durable."""
