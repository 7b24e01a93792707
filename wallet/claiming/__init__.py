"""Taking in what is offered: the offer, the steps to a credential, and the checks before it is kept."""
