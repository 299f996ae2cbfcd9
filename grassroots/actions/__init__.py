"""What is done to unions and what belongs to them; each function is one dated step inside one act."""
