"""HTTP in and out: routes, problem+json, tokens, access log. The only room that imports the web framework."""
