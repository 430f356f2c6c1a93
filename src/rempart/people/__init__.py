"""Who may do what: organisations, people, service tokens, sessions."""
