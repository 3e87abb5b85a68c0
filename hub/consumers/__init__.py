"""The live stream: the Faust app, its one agent, and the supervision boundary. Faust is imported only here (architecture 10)."""
