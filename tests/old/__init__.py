"""Documents that earlier versions signed. They are never made anew: a later program must read them as they are."""
