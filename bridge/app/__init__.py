"""The composition root: settings in, a Flask application with all its parts out."""
