"""Sending what the desk tells outside: mail by SMTP, web hooks by HTTP, both by jobs that are tried again."""
