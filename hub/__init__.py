"""The VITAS hub: case actions in, events for ever on Kafka, answers and notifications out."""
