"""What is said, how it is secured, and how "still good" is encoded. Pure: no network, no storage, no clock."""
