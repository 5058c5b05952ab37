"""The local database: models, migrations, queries, secrets."""
