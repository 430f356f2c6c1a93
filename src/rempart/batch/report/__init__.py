"""The page that people read after a job."""
