"""The contract between the window and the job processes: specifications and events."""
