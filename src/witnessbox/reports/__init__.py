"""From decisions to a published report: counted, cited, drawn, rendered, sealed in a bundle."""
