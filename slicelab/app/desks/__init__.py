"""What the window does with a session: one desk for the project, one for labels, one for jobs. No widgets here."""
