"""All SQL of agents: how sure they must be, feedback, leads, and webhooks with their deliveries."""
