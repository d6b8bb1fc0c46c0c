"""The base page, the design tokens and the components that every room shares."""
