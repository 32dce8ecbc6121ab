using System.Runtime.CompilerServices;

// All native functions take blittable arguments only: no marshalling stubs on the way.
[assembly: DisableRuntimeMarshalling]
