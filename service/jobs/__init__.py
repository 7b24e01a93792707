"""Work that outlives the request that asked for it: done beside the requests, resumed after a crash."""
