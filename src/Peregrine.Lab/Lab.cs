namespace Peregrine.Lab;
