"""The facts and the log: catalogue, envelope, Avro codec, sealing, ledger, relay, journal. Imports only the domain."""
