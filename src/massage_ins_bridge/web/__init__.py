"""The HTTP side: four doors over the desk, which only translate."""
