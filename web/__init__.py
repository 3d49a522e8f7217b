"""What only the web book needs: its pages beside the chapters, its look, what it runs on."""
