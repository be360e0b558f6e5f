"""The ground floor: the model, its names, the store with its snapshots, and what is computed over them."""
