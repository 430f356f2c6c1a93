"""Mail on its way: approved notices gathered for each address, sent, repeated while the content is there."""
