from processes.registers.catalogue.all_registers import REGISTERS, register

__all__ = ["REGISTERS", "register"]
