"""Django admin of the roster, the prompts, the queries, the runs and the books."""
