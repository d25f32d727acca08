"""The name of the work that sends mails: who causes one marks it."""

MAILING = "mail"
