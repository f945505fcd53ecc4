"""The tool inside other hosts: adapters over a session, without any logic of their own."""
