"""Kibana's saved objects: our data views, searches and dashboards as a file, and the way to a Kibana and back."""
