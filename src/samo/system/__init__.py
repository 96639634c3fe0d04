"""The operating system, once: processes, archives, durable files, locks, git."""
