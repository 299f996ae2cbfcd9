"""Running the office: embedded servers, supervision, backups, health. Nobody else imports this package."""
