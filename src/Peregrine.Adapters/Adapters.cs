namespace Peregrine.Adapters;
