"""Reading pages of scans: codes, ink, pictures, in a child process with limits."""
