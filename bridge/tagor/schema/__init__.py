"""The shapes of requests and answers, and how one field is read or refused."""
