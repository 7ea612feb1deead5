"""镇街吹哨、部门报到: streets call departments; both sides rate; nobody's position is asked, nobody is ranked."""
