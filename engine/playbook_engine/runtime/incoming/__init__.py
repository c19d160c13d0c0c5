"""From bytes to events before the door: JSON lines, arrays, CloudEvents, mapped payloads and e-mail."""
