package main

import "context"

func (o options) judge(ctx context.Context) error { return nil }
