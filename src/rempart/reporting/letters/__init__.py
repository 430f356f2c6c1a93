"""What mails say: notices to hosts, owners and registrars, answers to who gave notice. Nothing leaves from here."""
