-- One database a service: none reads another's tables.
CREATE DATABASE issuer;
CREATE DATABASE wallet;
CREATE DATABASE verifier;
CREATE DATABASE registry;
