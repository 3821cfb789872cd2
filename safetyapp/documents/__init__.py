"""What is signed: sets pages, carries the record in them, signs, and says if a file is genuine. May import domain."""
