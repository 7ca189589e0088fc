"""What a job process runs: read job.json, run the job, write its events."""
