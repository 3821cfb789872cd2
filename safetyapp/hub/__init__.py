"""The district's hub 汇总端: takes in signed documents over HTTPS, once and whole, and hands them out."""
