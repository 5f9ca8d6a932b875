using BenchmarkDotNet.Running;

// One class per kernel or component; pick with --filter '*Name*'.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
