"""What was decided about words and members, by whom and under which rule; and a record that shows every change."""
