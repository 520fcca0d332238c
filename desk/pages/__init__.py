"""The pages, a module for each subject: what the form says, one action, what is shown."""
